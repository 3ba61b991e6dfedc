using Microsoft.Extensions.Logging;

namespace SmimeOperator.Runtime.Status;

internal static partial class Log
{
    [LoggerMessage(1200, LogLevel.Debug, "Wrote the status of {Kind} {Object}.")]
    public static partial void StatusWritten(this ILogger logger, string kind, NamespacedName @object);

    [LoggerMessage(1201, LogLevel.Information, "{Kind} {Object} is gone; its status was not written.")]
    public static partial void StatusOfGoneEntity(this ILogger logger, string kind, NamespacedName @object);
}
