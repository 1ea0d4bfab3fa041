"""Who fits a need, and why. It keeps nothing of its own."""
