using Microsoft.Extensions.Logging;

namespace SmimeOperator.Runtime.Events;

internal static partial class Log
{
    [LoggerMessage(1600, LogLevel.Warning, "Event {Reason} of {Kind} {Object} was not published.")]
    public static partial void EventFailed(this ILogger logger, Exception exception, string reason, string kind, NamespacedName @object);

    [LoggerMessage(1601, LogLevel.Information, "{Count} events were not published before the end.")]
    public static partial void EventsAbandoned(this ILogger logger, int count);
}
