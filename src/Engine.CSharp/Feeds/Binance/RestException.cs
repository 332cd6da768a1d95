namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>An answer that another attempt may better.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">The exchange's own number of the error; 0 if the answer has none.</param>
/// <param name="wait">How long the exchange asks for silence; null if it does not.</param>
internal sealed class RestException(int status, int code, TimeSpan? wait)
    : Exception(code == 0 ? $"HTTP {status}" : $"HTTP {status}, error {code}")
{
    public int Status => status;

    public TimeSpan? Wait => wait;
}
