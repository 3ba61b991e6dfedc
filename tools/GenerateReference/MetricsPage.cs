using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmimeOperator.Hosting;
using SmimeOperator.Intune;
using SmimeOperator.Telemetry;

namespace GenerateReference;

/// <summary>Every instrument that the assembled operator has, with the name that a scrape shows.</summary>
internal static class MetricsPage
{
    public static string Write()
    {
        var found = new Dictionary<string, Instrument>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name.StartsWith("SmimeOperator", StringComparison.Ordinal) || instrument.Meter.Name == OperatorOptions.ServiceName)
            {
                lock (found)
                {
                    found[instrument.Name] = instrument;
                }
            }
        };
        listener.Start();
        // Making the parts is enough: nothing is started, so no cluster is asked.
        var application = OperatorApplication.Build(["--Operator:LeaderElectionNamespace=default"]);
        _ = application.Services.GetServices<IHostedService>().ToList();
        _ = application.Services.GetRequiredService<IIntuneTenantFactory>();
        _ = application.Services.GetRequiredService<OutcomeMetrics>();

        var page = new Page("Metrics", "Every metric of the operator's own; .NET's runtime metrics come beside them. No label names a person.");
        page.Table(
            ["Prometheus name", "OpenTelemetry name", "type", "meaning"],
            found.Values.OrderBy(i => i.Name, StringComparer.Ordinal)
                .Select(i => (IReadOnlyList<string>)[$"`{PrometheusName(i)}`", $"`{i.Name}`", TypeOf(i), i.Description ?? ""]));
        return page.ToString();
    }

    private static string PrometheusName(Instrument instrument) =>
        instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "") + (TypeOf(instrument) == "counter" ? "_total" : "");

    private static string TypeOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => "counter",
        "Histogram" => "histogram",
        _ => "gauge",
    };
}
