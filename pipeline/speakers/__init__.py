"""Who is the agent: of two channels, or of the voices of one."""

from pipeline.speakers.roles import SURE, find_roles, named

__all__ = ["SURE", "find_roles", "named"]
