using System.Reflection;
using Microsoft.Extensions.Logging;
using SmimeOperator.Hosting;

namespace GenerateReference;

/// <summary>Every log line with an id of its own.</summary>
internal static class LogsPage
{
    public static string Write()
    {
        var root = typeof(OperatorOptions).Assembly;
        var messages = root.GetReferencedAssemblies().Where(a => a.Name!.StartsWith("SmimeOperator", StringComparison.Ordinal)).Select(Assembly.Load).Append(root)
            .SelectMany(a => a.GetTypes()).SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .OrderBy(m => m.EventId);
        var page = new Page("Log lines", "Every line that the operator logs by itself. The id and the names in braces are stable; the words are not.");
        page.Table(["event id", "level", "message"], messages.Select(m => (IReadOnlyList<string>)[$"{m.EventId}", $"{m.Level}", $"`{m.Message}`"]));
        return page.ToString();
    }
}
