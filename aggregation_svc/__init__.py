"""Players' facts in, pseudonymised and consented; private releases out."""
