"""The demo court: invented people and cases, made by running the real engine with a moved clock."""
