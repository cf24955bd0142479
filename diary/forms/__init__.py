"""What may be typed, and the sentence that answers what may not."""
