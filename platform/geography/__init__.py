"""Communes, intercommunalities, populations and distances: one reference in the public schema."""
