"""Double entry: the chart of accounts, entries that balance, holds, and the bookings of cash business."""
