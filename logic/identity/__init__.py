"""Identity: who signs in, who is who, and who may what."""
