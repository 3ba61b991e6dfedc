using Microsoft.Extensions.Logging;

namespace SmimeOperator.Runtime.LeaderElection;

internal static partial class Log
{
    [LoggerMessage(1500, LogLevel.Information, "Lease {Lease} is ours ({Identity}).")]
    public static partial void Leading(this ILogger logger, NamespacedName lease, string identity);

    [LoggerMessage(1501, LogLevel.Error, "Lease {Lease} can no longer be relied on; work stops.")]
    public static partial void Lost(this ILogger logger, NamespacedName lease);

    [LoggerMessage(1502, LogLevel.Information, "Lease {Lease} is released.")]
    public static partial void Released(this ILogger logger, NamespacedName lease);

    [LoggerMessage(1503, LogLevel.Warning, "A try to hold lease {Lease} failed.")]
    public static partial void AttemptFailed(this ILogger logger, Exception exception, NamespacedName lease);

    [LoggerMessage(1504, LogLevel.Debug, "Lease {Lease} was changed by somebody else.")]
    public static partial void LeaseChanged(this ILogger logger, NamespacedName lease);
}
