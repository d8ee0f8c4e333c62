"""What does another desk's export say happened? One file per origin: rows → acts on tickets."""
