"""What is promised of a diary when machines fail: a real server is killed, starved and cut off from its disk."""
