namespace BtcBandit.Web;

/// <summary>The dashboard cannot listen, for instance because another program uses the port.</summary>
internal sealed class WebException : Exception
{
    /// <summary>States the reason in one line.</summary>
    public WebException(string message, Exception inner)
        : base(message, inner) { }
}
