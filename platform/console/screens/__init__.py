"""The screens of towns, for the platform's own people."""
