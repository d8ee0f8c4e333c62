"""Tocsin: an incident, SLA and escalation desk."""

__version__ = "0.1.0"
