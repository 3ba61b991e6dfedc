using Microsoft.Extensions.Logging;

namespace SmimeOperator.Runtime.Finalizers;

internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Debug, "{Kind} {Object} changed while its finalizers were written (attempt {Attempt}).")]
    public static partial void FinalizerConflict(this ILogger logger, string kind, NamespacedName @object, int attempt);
}
