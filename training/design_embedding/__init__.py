"""Train the design embedding."""
