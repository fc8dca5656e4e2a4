"""The verification platform (联网核查): sources over HTTP behind one service, with breakers and failover."""
