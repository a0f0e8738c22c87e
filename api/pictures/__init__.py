"""Pictures for the screen, made from the originals: smaller, upright, without what the camera wrote into the file."""
