"""What agents type."""
