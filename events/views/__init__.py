"""What guests and those who wait see."""
