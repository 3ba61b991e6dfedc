using System.Text;
using GenerateChartReadme;

if (args is not [var values, var template, var readme])
{
    await Console.Error.WriteLineAsync("usage: GenerateChartReadme <values.yaml> <template.md> <README.md>");
    return 2;
}

const string Place = "{{values}}";
var table = new StringBuilder();
foreach (var section in ValuesFile.Read(await File.ReadAllLinesAsync(values)).GroupBy(v => v.Section))
{
    table.Append('\n').Append("### ").Append(section.Key).Append("\n\n| value | default | |\n|---|---|---|\n");
    foreach (var value in section)
    {
        table.Append("| `").Append(value.Path).Append("` | `").Append(value.Default).Append("` | ").Append(value.Comment.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
    }
}

var text = await File.ReadAllTextAsync(template);
await File.WriteAllTextAsync(readme, text.Replace(Place, table.ToString().TrimStart('\n').TrimEnd('\n'), StringComparison.Ordinal));
return 0;
