"""Lists of people that come from elsewhere: read, checked, then written down."""
