"""What a reader sees, in their language: messages as values, and the catalogues."""
