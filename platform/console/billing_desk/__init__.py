"""The operator's billing desk, for `Role.BILLING`: a file per group of screens. Rules are in `billing`."""
