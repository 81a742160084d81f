"""The tests mirror the house: tests/postgres tests service/postgres, and so on."""
