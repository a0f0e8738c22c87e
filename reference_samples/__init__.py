"""What partners contribute, and the generator of practice sets."""
