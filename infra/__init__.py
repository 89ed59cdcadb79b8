"""The program of one region: settings in, one data plane out."""
