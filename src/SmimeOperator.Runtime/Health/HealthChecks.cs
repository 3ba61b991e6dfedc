using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SmimeOperator.Runtime.Health;

/// <summary>Names of the checks, as tags to choose them by.</summary>
internal static class HealthTags
{
    public const string Ready = "ready";
    public const string Live = "live";
}

internal sealed class ReadinessCheck(OperatorHealth health) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(health.Readiness().ToResult(context));
}

internal sealed class LivenessCheck(OperatorHealth health) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(health.Liveness().ToResult(context));
}

internal static class HealthVerdictExtensions
{
    public static HealthCheckResult ToResult(this HealthVerdict verdict, HealthCheckContext context) =>
        new(verdict.IsHealthy ? HealthStatus.Healthy : context.Registration.FailureStatus, verdict.Description);
}
