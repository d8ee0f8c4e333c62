"""How did the database come to its present shape? One history for all rooms."""
