"""Does Tocsin do what it promises? The folders mirror the rooms; stories/ tells whole days."""
