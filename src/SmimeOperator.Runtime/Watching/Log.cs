using Microsoft.Extensions.Logging;

namespace SmimeOperator.Runtime.Watching;

internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "Listed {Count} objects of {Scope} at version {Version}; {Vanished} had vanished.")]
    public static partial void Listed(this ILogger logger, int count, WatchScope scope, string version, int vanished);

    [LoggerMessage(1101, LogLevel.Debug, "Watching {Scope} from version {Version}.")]
    public static partial void WatchOpened(this ILogger logger, WatchScope scope, string version);

    [LoggerMessage(1102, LogLevel.Debug, "The watch of {Scope} ended.")]
    public static partial void WatchEnded(this ILogger logger, WatchScope scope);

    [LoggerMessage(1103, LogLevel.Information, "Version {Version} of {Scope} is too old to watch from; listing again.")]
    public static partial void WatchExpired(this ILogger logger, WatchScope scope, string? version);

    [LoggerMessage(1104, LogLevel.Warning, "The watch of {Scope} was silent for {Limit}; connecting again.")]
    public static partial void WatchStalled(this ILogger logger, WatchScope scope, TimeSpan limit);

    [LoggerMessage(1105, LogLevel.Warning, "Reading {Scope} failed {Failures} times in a row; trying again in {Delay}.")]
    public static partial void ReadFailed(this ILogger logger, Exception exception, WatchScope scope, int failures, TimeSpan delay);

    // The exception goes by its type only: the message of a JSON exception may quote the object.
    [LoggerMessage(1106, LogLevel.Error, "{Object} of {Scope} cannot be read ({Error} at {Path}); it stays as last known.")]
    public static partial void Unreadable(this ILogger logger, NamespacedName @object, WatchScope scope, string error, string? path);

    [LoggerMessage(1107, LogLevel.Error, "The watch of {Scope} sent a line that is no watch event; listing again.")]
    public static partial void Garbage(this ILogger logger, WatchScope scope);

    [LoggerMessage(1108, LogLevel.Warning, "The watch of {Scope} reports an error: {Code} {Reason}: {Message}")]
    public static partial void WatchError(this ILogger logger, WatchScope scope, int code, string reason, string message);
}
