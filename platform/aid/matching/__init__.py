"""Who fits a need, and why; how many help where. It keeps nothing of its own."""
