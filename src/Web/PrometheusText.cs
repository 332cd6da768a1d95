using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace BtcBandit.Web;

/// <summary>Writes the observable instruments of a meter in the text format of Prometheus, version 0.0.4. Thread-safe.</summary>
/// <remarks>Replaces OpenTelemetry.Exporter.Prometheus.AspNetCore, which has no stable version; delete when it has. Nothing was
/// measured.</remarks>
internal sealed class PrometheusText : IDisposable
{
    /// <summary>Type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock gate = new();
    private readonly MeterListener listener = new();
    private StringBuilder text = new();

    /// <summary>Listens to a meter, whose instruments exist.</summary>
    public PrometheusText(Meter meter)
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter == meter)
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Write(instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Write(instrument, value));
        listener.Start();
    }

    /// <summary>Measures all instruments.</summary>
    public string Read()
    {
        lock (gate)
        {
            text = new StringBuilder();
            listener.RecordObservableInstruments();
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private void Write(Instrument instrument, double value)
    {
        var isCounter = instrument is ObservableCounter<long>;
        var name =
            instrument.Name.Replace('.', '_')
            + (instrument.Unit == "s" ? "_seconds" : "")
            + (isCounter ? "_total" : "");
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Description}\n");
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {(isCounter ? "counter" : "gauge")}\n");
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }
}
