namespace BtcBandit.Tui.Tests
