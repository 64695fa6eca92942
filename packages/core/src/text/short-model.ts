/** A model's name as people see it: of a script its file alone, because its folder says little and may not be everybody's business. */
export function shortModel(model: string): string {
  return model.startsWith('scripted/') ? `scripted/${model.slice(model.lastIndexOf('/') + 1)}` : model
}
