"""Who is at the desk: passwords, guesses, sessions."""
