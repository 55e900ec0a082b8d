"""Differential privacy: the only package that draws noise, and the accountant that sees every draw."""
