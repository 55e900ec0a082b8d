"""What happens around every call, from outside in: metrics and trace, errors, access, validation."""
