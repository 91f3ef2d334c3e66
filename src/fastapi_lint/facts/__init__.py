"""One file in, one small immutable record out. Facts are serialisable and know nothing of other files."""
