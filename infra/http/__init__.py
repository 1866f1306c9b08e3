"""What every HTTP edge of the platform does alike: listen, ask for a token, and say what is wrong."""
