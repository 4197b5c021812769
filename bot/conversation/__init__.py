"""What people may ask or order, platform-free: requests in, posts out."""
