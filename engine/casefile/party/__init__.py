"""当事人: who they are, how they are reached, how they change."""
