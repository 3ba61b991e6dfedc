using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SmimeOperator.Hosting;

namespace SmimeOperator.Telemetry;

/// <summary>Metrics to be scraped, and with an address both metrics and traces sent by OTLP.</summary>
internal static class TelemetryExtensions
{
    public static void AddTelemetry(this IServiceCollection services, OperatorOptions options)
    {
        services.AddSingleton<OutcomeMetrics>();
        services.AddSingleton<ResourceMetrics>();
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(OperatorOptions.ServiceName, serviceVersion: OperatorOptions.Version, serviceInstanceId: options.Replica));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(OperatorOptions.ServiceName, "SmimeOperator.*").AddRuntimeInstrumentation().AddPrometheusExporter();
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
