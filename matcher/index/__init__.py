"""Vector search, and the saved index; FAISS and PostgreSQL are imported by their engines alone."""
