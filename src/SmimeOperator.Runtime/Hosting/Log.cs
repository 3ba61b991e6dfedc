using Microsoft.Extensions.Logging;

namespace SmimeOperator.Runtime.Hosting;

internal static partial class Log
{
    private static readonly Func<ILogger, string, string, string, IDisposable?> Pass =
        LoggerMessage.DefineScope<string, string, string>("{Kind} {Namespace}/{Name}");

    public static IDisposable? BeginPass(this ILogger logger, string kind, string namespaceName, string name) =>
        Pass(logger, kind, namespaceName, name);

    [LoggerMessage(1400, LogLevel.Error, "The pass over {Kind} {Object} threw; trying again in {Delay}.")]
    public static partial void PassThrew(this ILogger logger, Exception exception, string kind, NamespacedName @object, TimeSpan delay);

    [LoggerMessage(1401, LogLevel.Information, "The pass over {Kind} {Object} was not successful: {Reason}")]
    public static partial void PassUnsuccessful(this ILogger logger, string kind, NamespacedName @object, string? reason);

    [LoggerMessage(1402, LogLevel.Warning, "The pass over {Kind} {Object} failed: {Reason}")]
    public static partial void PassFailed(this ILogger logger, Exception exception, string kind, NamespacedName @object, string? reason);

    [LoggerMessage(1403, LogLevel.Information, "{Kind} {Object}: finalizer {Finalizer} is done.")]
    public static partial void Finalized(this ILogger logger, string kind, NamespacedName @object, string finalizer);

    [LoggerMessage(1404, LogLevel.Information, "All stores are filled ({Stores}); working.")]
    public static partial void WorkBegins(this ILogger logger, string stores);

    [LoggerMessage(1405, LogLevel.Information, "All work has stopped.")]
    public static partial void WorkEnded(this ILogger logger);

    [LoggerMessage(1406, LogLevel.Critical, "Leadership is lost; the process ends so that nothing acts without it.")]
    public static partial void LeadershipLost(this ILogger logger);

    [LoggerMessage(1407, LogLevel.Critical, "Work did not stop before the lease ran out; the process ends at once.")]
    public static partial void WorkOutlivesLease(this ILogger logger);
}
