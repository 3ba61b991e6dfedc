using System.Text;

namespace Smimectl;

/// <summary>Reads the data of Secrets and ConfigMaps. Its problems name keys, never values.</summary>
internal static class DataSections
{
    public static Dictionary<string, byte[]> Read(string file, YamlMap map, List<ManifestProblem> problems)
    {
        var isSecret = map.Text("kind") == "Secret";
        var data = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        Section(isSecret ? "data" : "binaryData", isBase64: true);
        // As the API server merges them: stringData wins over data, and a ConfigMap must not name a key twice.
        Section(isSecret ? "stringData" : "data", isBase64: false);
        return data;

        void Section(string section, bool isBase64)
        {
            switch (map.Find(section))
            {
                case null or YamlText { IsPlain: true, Value: "" or "null" or "~" }:
                    return;
                case YamlMap entries:
                    foreach (var (key, value) in entries.Entries)
                    {
                        Entry(section, isBase64, key, value);
                    }

                    return;
                case var other:
                    problems.Add(new ManifestProblem(file, other.Line, $"{section} must be a mapping") { Field = section });
                    return;
            }
        }

        void Entry(string section, bool isBase64, YamlText key, YamlTree value)
        {
            if (value is not YamlText text || (text.IsPlain && text.Value.Length > 0 && YamlScalars.IsNoText(text.Value)))
            {
                problems.Add(new ManifestProblem(file, value.Line, $"{section}.{key.Value} must be text; put numbers and words such as yes in quotes") { Field = $"{section}.{key.Value}" });
            }
            else if (!isSecret && data.ContainsKey(key.Value))
            {
                problems.Add(new ManifestProblem(file, key.Line, $"{key.Value} stands in data and in binaryData; keep one of the two") { Field = $"data.{key.Value}" });
            }
            else if (!isBase64)
            {
                data[key.Value] = Encoding.UTF8.GetBytes(text.Value);
            }
            else if (Decode(text.Value) is { } bytes)
            {
                data[key.Value] = bytes;
            }
            else
            {
                problems.Add(new ManifestProblem(file, text.Line, $"{section}.{key.Value} is not base64{(isSecret ? "; plain text belongs into stringData" : "; plain text belongs into data")}") { Field = $"{section}.{key.Value}" });
            }
        }
    }

    private static byte[]? Decode(string text)
    {
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
