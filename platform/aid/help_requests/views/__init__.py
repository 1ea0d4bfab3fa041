"""Pages where a request is asked for, and followed."""
