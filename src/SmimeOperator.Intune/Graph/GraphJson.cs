using System.Text.Json;

namespace SmimeOperator.Intune;

/// <summary>Reads answers as JSON.</summary>
internal static class GraphJson
{
    /// <summary>The document of an answer; an answer without one is an error.</summary>
    public static async ValueTask<JsonElement> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(body, default, cancellationToken);
        return document.RootElement.Clone();
    }

    /// <summary>The document of a write's answer, or nothing where it has no body: both are success. Anything but JSON is an error: a proxy's page with a 200 means that the service never saw the write.</summary>
    public static async ValueTask<JsonElement> ReadIfAnyAsync(Stream body, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await body.CopyToAsync(buffer, cancellationToken);
        buffer.Position = 0;
        return buffer.Length == 0 ? default : await ReadAsync(buffer, cancellationToken);
    }

    /// <summary>Whether a document is a page of a collection.</summary>
    public static bool IsPage(JsonElement page) =>
        page.ValueKind == JsonValueKind.Object && page.TryGetProperty("value", out var items) && items.ValueKind == JsonValueKind.Array;

    /// <summary>The objects of a page; a document that is no page is an error, never an empty page.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement page) =>
        IsPage(page) ? page.GetProperty("value").EnumerateArray() : throw new JsonException("The answer is no page of a collection.");

    /// <summary>The next page's address.</summary>
    public static string? NextLink(JsonElement page) => Text(page, "@odata.nextLink") is { Length: > 0 } link ? link : null;

    /// <summary>A text property, or null.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>The id of an object in a collection; one without is an error.</summary>
    public static string IdOf(JsonElement item) =>
        Text(item, "id") is { Length: > 0 } id ? id : throw new JsonException("An object of the answer has no id.");
}
