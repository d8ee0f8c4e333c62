"""Who is who: clients and what was agreed with them, their people and ours."""
