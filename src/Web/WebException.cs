namespace BtcBandit.Web;

/// <summary>The dashboard cannot listen, for instance because another program uses the port.</summary>
internal sealed class WebException : Exception
{
    /// <summary>States the reason in one line.</summary>
    public WebException(string message, bool isOfPort, Exception inner)
        : base(message, inner) => IsOfPort = isOfPort;

    /// <summary>Whether another port would help; else it is the address that cannot be listened on.</summary>
    public bool IsOfPort { get; }
}
