using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SmimeOperator.Hosting;

namespace SmimeOperator.Telemetry;

/// <summary>Metrics to be scraped, and with an address both metrics and traces sent by OTLP.</summary>
internal static class TelemetryExtensions
{
    // Room is taken for every series in advance; the default of 2,000 costs seven megabytes. Kinds, operations and tenants come to tens.
    private const int SeriesOfAMetric = 400;

    public static void AddTelemetry(this IServiceCollection services, OperatorOptions options)
    {
        services.AddSingleton<OutcomeMetrics>();
        services.AddSingleton<ResourceMetrics>();
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(OperatorOptions.ServiceName, serviceVersion: OperatorOptions.Version, serviceInstanceId: options.Replica));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(OperatorOptions.ServiceName, "SmimeOperator.*").AddRuntimeInstrumentation().AddPrometheusExporter();
            metrics.AddView(_ => new MetricStreamConfiguration { CardinalityLimit = SeriesOfAMetric });
            if (options.OtlpEndpoint is { Length: > 0 } endpoint)
            {
                metrics.AddOtlpExporter(o => o.Endpoint = new Uri(endpoint));
            }
        });
        if (options.OtlpEndpoint is { Length: > 0 } address)
        {
            telemetry.WithTracing(traces => traces
                .AddSource("SmimeOperator.*")
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceRatio)))
                .AddOtlpExporter(o => o.Endpoint = new Uri(address)));
        }
    }
}
